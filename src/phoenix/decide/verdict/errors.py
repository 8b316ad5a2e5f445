"""What this room refuses."""

from phoenix.core.errors import InvalidError


class BundleInvalidError(InvalidError):
    """A folder or archive is no evidence bundle, or one of another format."""

    code = "EVIDENCE_BUNDLE_INVALID"
    user_action = "Name a bundle as it was exported: a folder or a zip with manifest.json at its top."
