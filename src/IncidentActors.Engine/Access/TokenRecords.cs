using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Engine.Records;

namespace IncidentActors.Engine.Access;

/// <summary>Tokens in the store of records. They are read for every request, so that a revoked token ends everywhere at once.</summary>
public sealed class TokenRecords(IRecords records) : ICredentials
{
    private const string Kind = RecordKinds.Token;
    private const int MaxTokens = 10_000;

    /// <summary>Tokens are never removed, so once there is one there always is.</summary>
    private volatile bool any;

    /// <summary>Callers must show a token even while the store has none: other issuers are configured.</summary>
    public bool Required { get; set; }

    /// <summary>Callers must show a token: there is at least one, even if it is expired or revoked.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancel) =>
        Required || any || (any = (await records.ListAsync(Kind, "", null, 1, cancel)).Count > 0);

    /// <summary>Every token, the oldest first.</summary>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancel) =>
        [.. (await records.ListAsync(Kind, "", null, MaxTokens, cancel)).Select(Read).OrderBy(static token => token.CreatedAt)];

    /// <summary>The current token; null if it does not exist.</summary>
    public async Task<AccessToken?> GetAsync(string id, CancellationToken cancel) =>
        await records.FindAsync(Kind, id, cancel) is { } record ? Read(record) : null;

    /// <summary>The token that the secret belongs to, valid or not; null: none.</summary>
    public async Task<AccessToken?> FindAsync(string secret, CancellationToken cancel) =>
        (TokenSecret.IdOf(secret) is { } id ? await FindAsync(id, secret, cancel) : null) ?? await FindAsync(TokenSecret.FirstId, secret, cancel);

    /// <summary>A token alone does not say when its holder signed in.</summary>
    async Task<(AccessToken? Token, DateTimeOffset? SignedInAt)> ICredentials.FindAsync(string secret, CancellationToken cancel) =>
        (await FindAsync(secret, cancel), null);

    private async Task<AccessToken?> FindAsync(string id, string secret, CancellationToken cancel) =>
        await GetAsync(id, cancel) is { } token && TokenSecret.Matches(secret, token.Hash) ? token : null;

    /// <summary>Adds a token and its audit record in one write.</summary>
    /// <param name="first">Add it only if no token exists yet.</param>
    /// <returns>False if the id is taken, or if it should be the first token and is not. Nothing was written then.</returns>
    public Task<bool> AddAsync(AccessToken token, RecordWrite entry, bool first, CancellationToken cancel) => records.WriteAsync(
        first ? [Write(token, 0), entry, OnlyFirst(token)] : [Write(token, 0), entry], cancel);

    /// <summary>A record that can be written once.</summary>
    private static RecordWrite OnlyFirst(AccessToken token) =>
        new(RecordKinds.FirstToken, RecordKinds.FirstToken, 0, JsonSerializer.SerializeToUtf8Bytes(token.Id, TokenJson.Default.String));

    /// <summary>The token is the first one, of the person who set up the server: it may grant any role.</summary>
    public async Task<bool> IsFirstAsync(AccessToken token, CancellationToken cancel) =>
        await records.FindAsync(RecordKinds.FirstToken, RecordKinds.FirstToken, cancel) is { } first
            ? JsonSerializer.Deserialize(first.Document.Span, TokenJson.Default.String) == token.Id
            : await ListAsync(cancel) is [var oldest, ..] && oldest.Id == token.Id;

    /// <summary>The revoked token; null if it does not exist. Revoking again changes nothing.</summary>
    public async Task<AccessToken?> RevokeAsync(
        string id, string by, DateTimeOffset at, Func<AccessToken, RecordWrite> entry, CancellationToken cancel)
    {
        while (await records.FindAsync(Kind, id, cancel) is { } record)
        {
            var token = Read(record);
            if (token.RevokedAt is not null) return token;
            token = token with { RevokedAt = at, RevokedBy = by };
            if (await records.WriteAsync([Write(token, record.Version), entry(token)], cancel)) return token;
        }

        return null;
    }

    /// <summary>Puts the token in the place of the known one, unless that was changed or revoked meanwhile.</summary>
    public async Task ChangeAsync(AccessToken known, AccessToken token, CancellationToken cancel)
    {
        if (await records.FindAsync(Kind, known.Id, cancel) is { } record && Read(record).RevokedAt is null)
            await records.WriteAsync([Write(token, record.Version)], cancel);
    }

    private static AccessToken Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, TokenJson.Default.AccessToken)!;

    private static RecordWrite Write(AccessToken token, long version) =>
        new(Kind, token.Id, version, JsonSerializer.SerializeToUtf8Bytes(token, TokenJson.Default.AccessToken));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(string))]
internal sealed partial class TokenJson : JsonSerializerContext;
