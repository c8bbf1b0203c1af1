"""How records come in and what people see: sources, the run, reports, the command line, the service."""
