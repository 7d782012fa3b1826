# By Seam's id of the space. The id key:room-204, with your own key, works as well.
terraform import seam_space.room 6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32
