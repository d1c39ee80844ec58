namespace IncidentActors.Server.Tokens;

/// <summary>Names of the authentication schemes.</summary>
internal static class Schemes
{
    /// <summary>Chooses the scheme that the endpoint names.</summary>
    public const string Selected = "Selected";

    /// <summary><c>Authorization: Bearer</c> with a token of an agent or a person.</summary>
    public const string Bearer = "Bearer";

    /// <summary>The cookie of a page's visitor, or a bearer token.</summary>
    public const string Page = "Page";

    /// <summary>Alertmanager's token, as bearer token or as password.</summary>
    public const string Alertmanager = "Alertmanager";

    /// <summary>Reads no credentials: the endpoint is for everybody.</summary>
    public const string Nothing = "Nothing";

    /// <summary>No tokens are configured: callers on this machine are trusted.</summary>
    public const string Local = "Local";
}

/// <summary>On an endpoint: the scheme that reads its credentials; without it <see cref="Schemes.Bearer"/>.</summary>
internal sealed record CredentialsFrom(string Scheme);

/// <summary>On an endpoint: a source of alerts posts JSON to it. Its refusals are counted, since a source neither repeats nor reports them.</summary>
/// <param name="Name">The label <c>source</c> of the metric.</param>
internal sealed record AlertSource(string Name);

/// <summary>On an endpoint: the answer is a stream that stays open.</summary>
internal sealed record OpenStream;

/// <summary>Names of the authorization policies. Endpoints without one need any valid credentials.</summary>
internal static class Policies
{
    /// <summary>The operator and the owner, by a token that is neither read-only nor for one team.</summary>
    public const string Administrators = "Administrators";
}

internal static class CredentialsEndpoints
{
    /// <summary>The endpoint takes a source's token and no other.</summary>
    public static TBuilder FromAlertmanager<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new CredentialsFrom(Schemes.Alertmanager), new AlertSource("alertmanager"));

    /// <summary>Allows anonymous requests: the endpoint itself checks the sender's key in the body.</summary>
    public static TBuilder WithKeyInBody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous().WithMetadata(new AlertSource("pagerduty"));

    public static TBuilder ForAdministrators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Policies.Administrators);
}
