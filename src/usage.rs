//! Which environment variables the sources of a project read, declare and set, and where.
