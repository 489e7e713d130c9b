import sys

from chat4all.admin.cli import main

sys.exit(main(sys.argv[1:]))
