using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IncidentActors.Server.Tokens;

internal sealed class TokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The only source of alerts with tokens that are accepted; null accepts those of agents and people.</summary>
    public string? Source { get; set; }

    /// <summary>No credentials are read.</summary>
    public bool Nothing { get; set; }

    /// <summary>The token may be the password of <c>Basic</c>.</summary>
    public bool Basic { get; set; }

    /// <summary>A page's session may replace the token.</summary>
    public bool Sessions { get; set; }

    /// <summary>Where a visitor without credentials is sent; null if the request is refused.</summary>
    public Func<HttpContext, string?> SignIn { get; set; } = static _ => null;
}

/// <summary>Authenticates by access token. While the journal has no token, it trusts callers on the same machine.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<TokenOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenRecords tokens, ICredentials credentials, PageSessions sessions,
    AccessAudit audit, EngineOptions settings)
    : AuthenticationHandler<TokenOptions>(options, logs, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Options.Nothing) return AuthenticateResult.NoResult();
        if (!await tokens.AnyAsync(Context.RequestAborted)) return Success(Local());
        var (token, signedInAt, problem) = await FindAsync();
        if (problem is null) return Success(new TokenIdentity(token!, Scheme.Name, signedInAt));
        if (problem.Rule != Rules.TokenMissing) audit.Refused(Context, problem.Rule, token);
        return AuthenticateResult.Fail(new RefusedException(problem));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var problem = (result.Failure as RefusedException)?.Problem ?? Missing;
        if (problem.Status == StatusCodes.Status401Unauthorized && Options.SignIn(Context) is { } signIn)
        {
            Response.Redirect(signIn);
            Response.StatusCode = StatusCodes.Status303SeeOther;
            return;
        }

        if (problem.Status == StatusCodes.Status401Unauthorized) Response.Headers.WWWAuthenticate = Challenge();
        await Answer.WriteAsync(Context, problem);
    }

    /// <summary>A sender such as Amazon SNS shows its password only when it is asked for it.</summary>
    private StringValues Challenge() =>
        Options.Basic ? new string[] { IssuerEndpoints.Challenge(Context), "Basic realm=\"alerts\"" } : IssuerEndpoints.Challenge(Context);

    /// <summary>The only policy other than "any valid credentials" is that of administrators.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AccessPolicy.Administration(TokenGate.Shown(Context)?.Rights) is { } refused
            ? Answer.WriteAsync(Context, Problem.Of(refused))
            : base.HandleForbiddenAsync(properties);

    /// <summary>Without tokens the header names the caller. The SDK of MCP lets only the user who opened a session use it.</summary>
    private ClaimsIdentity Local() =>
        new([new Claim(ClaimTypes.NameIdentifier, $"local:{CallReader.Read(Request).Call?.By}")], Schemes.Local);

    private AuthenticateResult Success(ClaimsIdentity identity) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));

    private async Task<(AccessToken? Token, DateTimeOffset? SignedInAt, Problem? Problem)> FindAsync()
    {
        var secret = Secret();
        var (token, signedInAt) = secret is not null
            ? await credentials.FindAsync(secret, Context.RequestAborted)
            : Options.Sessions ? await sessions.FindAsync(Request, Context.RequestAborted)
            : default;
        if (token is null) return (null, null, secret is null ? Missing : Unknown);
        if (Options.Source is { } source ? token.Handle != source : token.OfSource) return (token, null, Unknown);
        if (TokenRefusals.Ended(token, settings.Time.GetUtcNow()) is { } ended) return (token, null, Unauthorized(ended));
        if (!Request.Headers.ContainsKey(CallReader.AgentHeader)) return (token, signedInAt, null);
        return (token, null, Problem.Of(Rejected.Malformed(
            Rules.CallerMismatch, $"With a token the token says who calls ({token.Handle}); leave the header {CallReader.AgentHeader} out.")));
    }

    /// <summary>What the request shows; null for nothing, or more than one thing.</summary>
    private string? Secret()
    {
        if (Request.Headers.Authorization is not [{ } header] || !AuthenticationHeaderValue.TryParse(header, out var shown) || shown.Parameter is not { } value)
            return null;
        if (shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return value;
        return Options.Basic && shown.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(value) : null;
    }

    private static string? Password(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    public static Problem Missing => Unauthorized(TokenRefusals.Missing);

    private static Problem Unknown => Unauthorized(TokenRefusals.Unknown);

    /// <summary>A refusal of credentials, as HTTP says it.</summary>
    public static Problem Unauthorized(Rejected refused) =>
        Problem.Named(refused.Rule, "Unauthorized", StatusCodes.Status401Unauthorized, refused.Sentence);

    private sealed class RefusedException(Problem problem) : Exception(problem.Detail)
    {
        public Problem Problem => problem;
    }
}
