"""The distributed engine: an archive held by a Milvus server or cluster."""
