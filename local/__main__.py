import faulthandler
import sys

from local.cli import main

# A library that crashes (librdkafka has) leaves the stacks of all threads behind, where it else leaves nothing.
faulthandler.enable()
sys.exit(main())
