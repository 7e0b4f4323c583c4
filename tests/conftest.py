"""What every test stands on: the width of whose terminal started the tests is none of their business."""

import os

os.environ.pop("COLUMNS", None)
