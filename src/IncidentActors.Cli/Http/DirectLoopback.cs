using System.Net;

namespace IncidentActors.Cli.Http;

/// <summary>The machine's proxy (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>), which never applies to this machine itself: no proxy reaches a server there.</summary>
internal sealed class DirectLoopback(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    /// <summary>A handler with that proxy.</summary>
    public static SocketsHttpHandler Handler() => new() { Proxy = new DirectLoopback(HttpClient.DefaultProxy) };

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
