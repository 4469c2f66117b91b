"""Where jobs run: in threads, in processes or on a cluster, with the same bytes from each."""
