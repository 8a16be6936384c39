"""`python -m service.cli` is `dateline`."""

from service.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
