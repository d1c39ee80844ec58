using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Engine.Access;
using IncidentActors.Engine;
using IncidentActors.Engine.Records;

namespace IncidentActors.Server.Tokens;

/// <summary>
/// Sessions of people who have signed in to the pages with a token. The browser keeps a random id that is good for the pages alone; of the
/// id only the hash is stored. A session ends by signing out, with its token, and after <see cref="MaxAge"/>.
/// </summary>
internal sealed class PageSessions(IRecords records, TokenRecords tokens, EngineOptions options)
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    /// <summary>Browsers accept this name from this host over TLS alone, for every path and no other host.</summary>
    private const string SecureCookie = "__Host-incident-visitor";
    private const string PlainCookie = "incident-visitor";
    private const string Kind = RecordKinds.PageSession;
    private const int SweptAtOnce = 100;
    private const int IdBytes = 32;

    /// <summary>A new session's id, for the cookie.</summary>
    /// <param name="signedInAt">When the person proved who it is; null if its issuer does not say.</param>
    public async Task<string> BeginAsync(AccessToken token, DateTimeOffset? signedInAt, CancellationToken cancel)
    {
        await SweepAsync(cancel);
        while (true)
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            var session = new PageSession(token.Id, options.Time.GetUtcNow() + MaxAge, signedInAt);
            var document = JsonSerializer.SerializeToUtf8Bytes(session, PageSessionJson.Default.PageSession);
            if (await records.WriteAsync([new RecordWrite(Kind, KeyOf(id), 0, document)], cancel)) return id;
        }
    }

    /// <summary>The token of the visitor's session, valid or not, and when its holder signed in; no token: there is no session.</summary>
    public async Task<(AccessToken? Token, DateTimeOffset? SignedInAt)> FindAsync(HttpRequest request, CancellationToken cancel)
    {
        if (IdOf(request) is not { Length: IdBytes * 2 } id || await records.FindAsync(Kind, KeyOf(id), cancel) is not { } record) return default;
        var session = Read(record);
        return options.Time.GetUtcNow() < session.Until ? (await tokens.GetAsync(session.Token, cancel), session.SignedInAt) : default;
    }

    public async Task EndAsync(HttpRequest request, CancellationToken cancel)
    {
        if (IdOf(request) is not { } id) return;
        while (await records.FindAsync(Kind, KeyOf(id), cancel) is { } record)
        {
            if (await records.WriteAsync([new RecordWrite(Kind, record.Key, record.Version, null)], cancel)) return;
        }
    }

    /// <summary>What the visitor's cookie holds, or null.</summary>
    public static string? IdOf(HttpRequest request) => request.Cookies[IsSecure(request) ? SecureCookie : PlainCookie];

    public static void SetCookie(HttpContext http, string id) => http.Response.Cookies.Append(NameOf(http.Request), id, CookieOf(http.Request));

    public static void DeleteCookie(HttpContext http) => http.Response.Cookies.Delete(NameOf(http.Request), CookieOf(http.Request));

    private static string NameOf(HttpRequest request) => IsSecure(request) ? SecureCookie : PlainCookie;

    private static bool IsSecure(HttpRequest request) => request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https";

    private static CookieOptions CookieOf(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = IsSecure(request),
        Path = "/",
        IsEssential = true,
    };

    /// <summary>Removes sessions that have ended or whose token has ended.</summary>
    private async Task SweepAsync(CancellationToken cancel)
    {
        var now = options.Time.GetUtcNow();
        foreach (var record in await records.ListAsync(Kind, "", null, SweptAtOnce, cancel))
        {
            var session = Read(record);
            if (session.Until > now && await tokens.GetAsync(session.Token, cancel) is { } token && token.IsValid(now)) continue;
            await records.WriteAsync([new RecordWrite(Kind, record.Key, record.Version, null)], cancel);
        }
    }

    private static string KeyOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static PageSession Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, PageSessionJson.Default.PageSession)!;
}

/// <param name="Token">Id of the token that signed in.</param>
/// <param name="SignedInAt">When the person proved who it is; null if its issuer did not say.</param>
internal sealed record PageSession(string Token, DateTimeOffset Until, DateTimeOffset? SignedInAt = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PageSession))]
internal sealed partial class PageSessionJson : JsonSerializerContext;
