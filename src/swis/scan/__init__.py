"""Read a folder that is to be released as an attacker would, and say what in it could tell of a child."""
