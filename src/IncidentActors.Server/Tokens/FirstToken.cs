using IncidentActors.Core.Agents;
using IncidentActors.Engine.Access;
using IncidentActors.Engine;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Tokens;

/// <summary>
/// The operator's token of a journal that has none yet. Its secret comes from outside, so that a server which is reached from elsewhere
/// starts on an empty journal too, where the first one cannot be made on its machine, as in a container.
/// </summary>
internal static class FirstToken
{
    /// <summary>The environment variable that holds the secret.</summary>
    public const string Variable = "INCIDENT_FIRST_TOKEN";

    private const int MinLength = 32;
    private const int MaxLength = 512;

    /// <summary>Characters that a bearer token may have: RFC 6750, 2.1.</summary>
    private const string Punctuation = "-._~+/=";

    /// <summary>Makes it while there is no token at all. Its id is always the same: nodes that start together make one, the quicker one's.</summary>
    /// <exception cref="StartFailure">The secret is too short to be one, or cannot be shown in a header.</exception>
    public static async Task TakeAsync(string secret, TokenRecords tokens, EngineOptions settings, CancellationToken cancel)
    {
        if (secret.Length is < MinLength or > MaxLength || !secret.All(c => char.IsAsciiLetterOrDigit(c) || Punctuation.Contains(c)))
        {
            throw new StartFailure(
                ExitCode.Arguments,
                $"{Variable} must be {MinLength} to {MaxLength} letters, digits or {string.Join(' ', Punctuation.AsEnumerable())}, "
                + "such as 'openssl rand -hex 32' gives.");
        }

        if (await tokens.AnyAsync(cancel)) return;
        string[] roles = [Roles.Operator, .. settings.Roster.RolesOf(Handle.Operator)];
        var token = new AccessToken(
            TokenSecret.FirstId, Handle.Operator, [.. roles.Distinct()], null, false, TokenSecret.Hash(secret), settings.Time.GetUtcNow(),
            Handle.System, null);
        await tokens.AddAsync(token, AccessAudit.Entry(token.CreatedAt, AccessAudit.Created, token, Handle.System, null), first: true, cancel);
    }
}
