"""Call-backs: booked by players in a slot, changed by a secret link, called from the desk."""
