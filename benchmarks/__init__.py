"""Speed, memory and encoders, compared side by side in one run; figures, not tests."""
