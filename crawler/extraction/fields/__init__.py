"""The fields of an article: for each, all candidates that a page holds are gathered and weighed against each other."""
