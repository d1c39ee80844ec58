using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Engine.Records;

namespace IncidentActors.Server.Tokens;

/// <summary>Tokens in the store of records. They are read anew for every request, so that a revoked one ends everywhere at once.</summary>
public sealed class TokenRecords(IRecords records)
{
    private const string Kind = RecordKinds.Token;
    private const int MostTokens = 10_000;

    /// <summary>Tokens are never removed, so once there is one there always is.</summary>
    private volatile bool any;

    /// <summary>Callers must show a token: there is at least one, be it expired or revoked.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancel) =>
        any || (any = (await records.ListAsync(Kind, "", null, 1, cancel)).Count > 0);

    /// <summary>Every token, the oldest first.</summary>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancel) =>
        [.. (await records.ListAsync(Kind, "", null, MostTokens, cancel)).Select(Read).OrderBy(static token => token.CreatedAt)];

    /// <summary>The token as it is now, or null: there is none.</summary>
    public async Task<AccessToken?> GetAsync(string id, CancellationToken cancel) =>
        await records.FindAsync(Kind, id, cancel) is { } record ? Read(record) : null;

    /// <summary>The token that the secret belongs to, valid or not; null: none.</summary>
    public async Task<AccessToken?> FindAsync(string secret, CancellationToken cancel) =>
        (TokenSecret.IdOf(secret) is { } id ? await FindAsync(id, secret, cancel) : null) ?? await FindAsync(TokenSecret.FirstId, secret, cancel);

    private async Task<AccessToken?> FindAsync(string id, string secret, CancellationToken cancel) =>
        await GetAsync(id, cancel) is { } token && TokenSecret.Matches(secret, token.Hash) ? token : null;

    /// <returns>False: there is one with its id already, and nothing was written.</returns>
    public Task<bool> AddAsync(AccessToken token, CancellationToken cancel) => records.WriteAsync([Write(token, 0)], cancel);

    /// <summary>The revoked token, or null: there is none. Revoking again changes nothing.</summary>
    public async Task<AccessToken?> RevokeAsync(string id, string by, DateTimeOffset at, CancellationToken cancel)
    {
        while (await records.FindAsync(Kind, id, cancel) is { } record)
        {
            var token = Read(record);
            if (token.RevokedAt is not null) return token;
            token = token with { RevokedAt = at, RevokedBy = by };
            if (await records.WriteAsync([Write(token, record.Version)], cancel)) return token;
        }

        return null;
    }

    private static AccessToken Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, TokenJson.Default.AccessToken)!;

    private static RecordWrite Write(AccessToken token, long version) =>
        new(Kind, token.Id, version, JsonSerializer.SerializeToUtf8Bytes(token, TokenJson.Default.AccessToken));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
