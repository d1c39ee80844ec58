using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;

namespace IncidentActors.Silo.Tests.Access;

/// <summary>Access tokens in the silos' journal.</summary>
internal sealed class ClientTokens(IStore journal)
{
    private static readonly DateTimeOffset Created = DateTimeOffset.UnixEpoch;

    private readonly TokenRecords tokens = new(journal);

    /// <returns>The secret.</returns>
    public async Task<string> MakeAsync(string handle, string role, Func<AccessToken, AccessToken>? change = null)
    {
        var id = TokenSecret.NewId();
        var secret = TokenSecret.New(id);
        var token = new AccessToken(id, handle, [role], null, false, TokenSecret.Hash(secret), Created, "@operator", null);
        Assert.True(await tokens.AddAsync(change?.Invoke(token) ?? token, Entry(id), first: false, CancellationToken.None));
        return secret;
    }

    public async Task RevokeAsync(string secret)
    {
        var id = TokenSecret.IdOf(secret)!;
        Assert.NotNull(await tokens.RevokeAsync(id, "@operator", Created, _ => Entry($"{id}-revoked"), CancellationToken.None));
    }

    private static RecordWrite Entry(string key) => new(RecordKinds.AccessAudit, key, 0, "{}"u8.ToArray());
}
