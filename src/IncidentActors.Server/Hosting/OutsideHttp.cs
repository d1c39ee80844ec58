namespace IncidentActors.Server.Hosting;

/// <summary>Clients of addresses that are configured outside: what is called is what is named, so redirects and proxies are not followed.</summary>
internal static class OutsideHttp
{
    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
