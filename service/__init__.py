"""Questions in, cited answers out: the reader, answering, evaluation, HTTP and command line."""
