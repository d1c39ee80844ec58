namespace IncidentActors.Cli.Http;

/// <summary>Which server, and as whom.</summary>
/// <param name="Agent">Sent as <c>X-Agent</c>; null with a token, which names the caller itself.</param>
/// <param name="Session">Sent as <c>X-Session</c>: tells several sessions of one handle apart.</param>
/// <param name="Token">Sent as <c>Authorization: Bearer</c>.</param>
internal sealed record ServerAddress(Uri Server, string? Agent, string? Session, string? Token)
{
    public const string Default = "http://127.0.0.1:7070";

    /// <summary>The server's address as people write it.</summary>
    public override string ToString() => Server.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>The sentence for no answer at all. It names the environment's proxy, where one lies between.</summary>
    public string Unreachable(Exception error)
    {
        var proxy = new DirectLoopback(HttpClient.DefaultProxy).GetProxy(Server);
        var through = proxy is null ? "" : $" through the proxy {proxy.Host}:{proxy.Port} (HTTP_PROXY, HTTPS_PROXY; NO_PROXY goes past it)";
        return $"{this} cannot be reached{through}: {(error.InnerException ?? error).Message.TrimEnd('.')}.";
    }

    public void Sign(HttpRequestMessage request)
    {
        if (Agent is not null) request.Headers.TryAddWithoutValidation("X-Agent", Agent);
        if (Session is not null) request.Headers.TryAddWithoutValidation("X-Session", Session);
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
    }
}
