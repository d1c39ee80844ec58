namespace IncidentActors.Engine.Access;

/// <summary>Reads what a caller shows: the same reader for every transport.</summary>
public interface ICredentials
{
    /// <summary>The token that the secret belongs to, valid or not, and when its holder signed in, where its issuer says; no token: it is unknown.</summary>
    Task<(AccessToken? Token, DateTimeOffset? SignedInAt)> FindAsync(string secret, CancellationToken cancel);
}
