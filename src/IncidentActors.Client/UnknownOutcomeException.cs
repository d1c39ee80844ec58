namespace IncidentActors.Client;

/// <summary>
/// The caller's token ended the attempts before the outcome was known: the command may have been applied or not. The same command with the same
/// <see cref="Key"/> gives the outcome, and is applied once at most.
/// </summary>
public sealed class UnknownOutcomeException : Exception
{
    internal UnknownOutcomeException(string key, string reason, Exception? inner = null)
        : base($"The outcome of the command with the idempotency key {key} is unknown: {reason}", inner) => Key = key;

    /// <summary>The idempotency key of the command.</summary>
    public string Key { get; }
}
