"""``python -m scimcheck``."""

import sys

from scimcheck.cli import main

sys.exit(main())
