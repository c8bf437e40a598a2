"""The one function behind each command."""
