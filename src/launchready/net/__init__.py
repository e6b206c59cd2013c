"""The only package that opens a socket: the network, and the DNS, HTTP, TLS and mailbox clients that probes borrow."""
