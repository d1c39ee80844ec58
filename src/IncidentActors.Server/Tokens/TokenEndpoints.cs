using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Tokens;

/// <summary>A token as it is listed: never its secret, never its hash.</summary>
/// <param name="Secret">Only in the answer that creates the token; it cannot be had again.</param>
public sealed record TokenView(
    string Id, string Handle, ImmutableArray<string> Roles, string? Team, bool ReadOnly, string Status, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null)
{
    internal static TokenView Of(AccessToken token, DateTimeOffset now, string? secret = null) => new(
        token.Id, token.Handle, token.Roles, token.Team, token.ReadOnly, token.Status(now), token.CreatedAt, token.CreatedBy, token.ExpiresAt,
        token.RevokedAt, token.RevokedBy, secret);
}

public sealed record TokenCreateArguments
{
    [Description("The holder; @alertmanager and @pagerduty are the sources of alerts."), JsonConverter(typeof(HandleText))]
    public required string Handle { get; init; }

    [Description("Left out: the roster's for the handle.")]
    public string[]? Roles { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("Only for the work of this team.")]
    public string? Team { get; init; }

    [Description("The token only reads.")]
    public bool? ReadOnly { get; init; }
}

internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tokens", ListAsync)
            .Read<Page<TokenView>>("Tokens", "All tokens, without their secrets. For the operator and the owner.").ForAdministrators();
        app.MapGet("/api/tokens/audit", AuditAsync)
            .Read<Page<AccessEntry>>("Tokens", "What was done with tokens, the newest last. For the operator and the owner.").ForAdministrators();
        app.MapPost("/api/tokens", CreateAsync)
            .Write<TokenCreateArguments, TokenView>(
                "Tokens",
                "Makes a token; its secret is in this answer and nowhere else, so a repeated key is answered with 409 and the token. "
                + "The first one must be the operator's or the owner's, and from then on everybody shows one.",
                creates: true).ForAdministrators();
        app.MapPost("/api/tokens/{id}/revoke", RevokeAsync)
            .Write<object, TokenView>("Tokens", "Ends a token at once, on every node.").ForAdministrators();
    }

    private static async Task<IResult> ListAsync(HttpContext http, TokenRecords tokens, RunningEngine engine)
    {
        var now = engine.Options.Time.GetUtcNow();
        return Answer.Json(new Page<TokenView>([.. (await tokens.ListAsync(http.RequestAborted)).Select(token => TokenView.Of(token, now))], null));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, TokenRecords tokens, TokenSessions lives, AccessAudit audit, RunningEngine engine)
    {
        var (call, refusal) = CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var (body, problem) = await Body.ReadAsync(http.Request, Body.DefaultLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        var (given, malformed) = Arguments.Read(body, ServerJson.Info<TokenCreateArguments>());
        if (given is null) return Answer.Of(malformed!);
        var now = engine.Options.Time.GetUtcNow();
        call = call!.With(http.Request.Path, body);
        var (token, secret) = Make(given, engine.Options.Roster, call, now);
        if (Bad(token, now) is { } bad) return Answer.Of(bad);
        var maker = TokenGate.Shown(http);
        if (maker is not null && await BeyondAsync(token, maker, tokens, http.RequestAborted) is { } beyond) return Answer.Of(beyond);
        if (!(token.Administers && token.ExpiresAt is null) && !await OthersAdministerAsync(tokens, null, now, http.RequestAborted))
        {
            return Answer.Of(Arguments.Malformed(
                "Make a token of the operator or the owner first, one that does not expire. Only these roles can make and revoke tokens afterwards.",
                "operator",
                "owner"));
        }

        http.RequestAborted.ThrowIfCancellationRequested();
        var entry = AccessAudit.Entry(now, AccessAudit.Created, token, call.By, maker);
        if (!await tokens.AddAsync(token, entry, first: maker is null, CancellationToken.None))
        {
            return await tokens.GetAsync(token.Id, CancellationToken.None) is { } known && maker is not null
                ? Answer.Of(MadeBefore(known, call, now))
                : Answer.Of(TokenHandler.Missing);
        }

        audit.Changed(AccessAudit.Created, token, call.By, maker);
        lives.End(TokenSessions.Anonymous, http.Features.Get<TokenSessions.Life>());
        return TypedResults.Json(TokenView.Of(token, now, secret), ServerJson.Info<TokenView>(), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Prevents a lockout: besides the named token there is one that makes tokens and does not expire.</summary>
    private static async Task<bool> OthersAdministerAsync(TokenRecords tokens, string? besides, DateTimeOffset now, CancellationToken cancel) =>
        (await tokens.ListAsync(cancel)).Any(token => token.Id != besides && token.Administers && token.IsValid(now) && token.ExpiresAt is null);

    /// <summary>A repeated key makes no second token; the first answer cannot be given again, because its secret is nowhere.</summary>
    private static Rejected MadeBefore(AccessToken first, Call call, DateTimeOffset now) => first.Sent != call.Sent
        ? Rejected.KeyReused(call.Key ?? "")
        : Rejected.Conflict(
            Rules.TokenExists,
            $"The token {first.Id} was made under this key, and its secret was in that answer only. "
            + "If it is lost, revoke the token and make another with a new key.") with { Current = ServerJson.Element(TokenView.Of(first, now)) };

    private static (AccessToken Token, string Secret) Make(TokenCreateArguments given, Roster roster, Call call, DateTimeOffset now)
    {
        var id = SentRequest.IdOf(call, TokenSecret.Alphabet, TokenSecret.IdLength) ?? TokenSecret.NewId();
        var secret = given.Handle == Handle.PagerDuty ? TokenSecret.NewRoutingKey(id) : TokenSecret.New(id);
        ImmutableArray<string> roles = Handle.IsReserved(given.Handle) ? [] : given.Roles is null ? roster.RolesOf(given.Handle) : [.. given.Roles.Distinct()];
        var hash = TokenSecret.Hash(secret);
        var token = new AccessToken(id, given.Handle, roles, given.Team, given.ReadOnly ?? false, hash, now, call.By, given.ExpiresAt) { Sent = call.Sent };
        return (token, secret);
    }

    private static Rejected? Bad(AccessToken token, DateTimeOffset now)
    {
        if (token.Handle == Handle.System)
            return Rejected.Malformed(Rules.AgentReserved, $"{Handle.System} is reserved for the system; callers cannot use it.");
        if (token.ExpiresAt <= now) return Arguments.Malformed("The argument 'expiresAt' must be a time to come.");
        if (token.Roles.Any(role => role is null || !Handle.IsWellFormed("@" + role)))
            return Arguments.Malformed("The argument 'roles' must be a list of roles such as 'dev'.");
        return token.Team is { } team && !Handle.IsWellFormed("@" + team)
            ? Arguments.Malformed("The argument 'team' must be a team such as 'platform'.")
            : null;
    }

    /// <summary>A token makes none that lasts longer or may more than itself. Only an owner makes owners, besides the first token, whose holder
    /// set the server up.</summary>
    private static async Task<Rejected?> BeyondAsync(AccessToken token, AccessToken maker, TokenRecords tokens, CancellationToken cancel)
    {
        if (maker.ExpiresAt is { } end && (token.ExpiresAt is null || token.ExpiresAt > end))
        {
            return Rejected.Role(
                Rules.TokenRole,
                $"The token {maker.Id} expires at {end:u}; it makes none that lasts longer.",
                [end.ToString("u", CultureInfo.InvariantCulture)]);
        }

        return token.Roles.Contains(Roles.Owner) && !maker.Roles.Contains(Roles.Owner) && !await tokens.IsFirstAsync(maker, cancel)
            ? Rejected.Role(Rules.TokenRole, $"Only an owner gives the role owner; the token {maker.Id} has the roles {string.Join(", ", maker.Roles)}.")
            : null;
    }

    private static async Task<IResult> AuditAsync(HttpContext http, IRecords records, string? after)
    {
        var (entries, next) = await AccessAudit.ReadAsync(records, string.IsNullOrEmpty(after) ? null : after, http.RequestAborted);
        return Answer.Json(new Page<AccessEntry>(entries, next));
    }

    private static Rejected NoSuchToken => new(Rules.TokenUnknown, "There is no such token; GET /api/tokens lists them.") { Kind = RejectionKind.Unknown };

    private static async Task<IResult> RevokeAsync(
        string id, HttpContext http, TokenRecords tokens, TokenSessions lives, AccessAudit audit, RunningEngine engine)
    {
        var (call, refusal) = CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var now = engine.Options.Time.GetUtcNow();
        if (await tokens.GetAsync(id, http.RequestAborted) is null) return Answer.Of(NoSuchToken);
        if (!await OthersAdministerAsync(tokens, id, now, http.RequestAborted))
        {
            return Answer.Of(Rejected.Conflict(
                Rules.TokenRole,
                "This is the last token without an expiry that may create tokens; create another one of the role operator or owner first."));
        }

        var maker = TokenGate.Shown(http);
        var before = (await tokens.GetAsync(id, http.RequestAborted))?.RevokedAt;
        RecordWrite Entry(AccessToken token) => AccessAudit.Entry(now, AccessAudit.Revoked, token, call!.By, maker);
        if (await tokens.RevokeAsync(id, call!.By, now, Entry, http.RequestAborted) is not { } revoked) return Answer.Of(NoSuchToken);
        if (before is null) audit.Changed(AccessAudit.Revoked, revoked, call.By, maker);
        lives.End(id, http.Features.Get<TokenSessions.Life>());
        return Answer.Json(TokenView.Of(revoked, now));
    }
}
