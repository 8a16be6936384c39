"""Where an archive is published and searched: files of this machine, or Milvus."""
