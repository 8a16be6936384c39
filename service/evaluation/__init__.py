"""How good the answers are: scores, validity of citations, risk and coverage."""
