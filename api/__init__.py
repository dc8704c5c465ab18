"""Every way in: pages, JSON, command line, worker; and the one place where parts are joined."""
