"""The hand-written gold sets: what Dateline should make of answers, beyond finding them."""
