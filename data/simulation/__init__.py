"""How the bundled chat was made: people, what they say, and what happens to them."""
