"""Great Expectations suites over sources and marts, the verdict of the gate, and the report people read."""
