"""From a question to an answer with its proof, or to a reasoned refusal."""
