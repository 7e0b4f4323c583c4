"""The asset graph, one module per stage of the way: intake, transform, quality, publish, months."""
