"""Where the matching comes from: labelled rows, the training of its encoder and its model, and the honest measuring of both."""
