using System.Net;
using IncidentActors.Server.Tokens;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IncidentActors.Server.Hosting;

/// <summary>Where the server listens: a port of loopback, or the addresses of <c>--urls</c>.</summary>
internal sealed class Listening
{
    private readonly int port;
    private readonly Uri[]? addresses;

    private Listening(int port, Uri[]? addresses)
    {
        this.port = port;
        this.addresses = addresses;
    }

    /// <exception cref="StartFailure">An address is none to listen on.</exception>
    public static Listening Read(ServerOptions options) => new(
        options.Port,
        options.Urls is { } urls ? [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Address)] : null);

    /// <summary>Without tokens whoever reaches the server is believed, so nobody from elsewhere may.</summary>
    /// <exception cref="StartFailure">There is no token, and an address is not loopback.</exception>
    public void Check(bool guarded)
    {
        if (guarded || addresses?.FirstOrDefault(address => !LoopbackOnly.IsLoopback(address.Host)) is not { } open) return;
        throw new StartFailure(
            ExitCode.Arguments,
            $"Without tokens the server listens on loopback only, not on {open.Host}. Give it the operator's first token in the environment variable "
            + $"{FirstToken.Variable} (openssl rand -hex 32), or make one before: 'incident token create'.");
    }

    public void Configure(KestrelServerOptions kestrel)
    {
        if (addresses is null)
        {
            kestrel.Listen(IPAddress.Loopback, port);
            return;
        }

        foreach (var address in addresses)
        {
            if (IsLocalhost(address))
                kestrel.ListenLocalhost(address.Port);
            else
                kestrel.Listen(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);
        }
    }

    private static Uri Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            throw new StartFailure(ExitCode.Arguments, $"--urls holds '{url}'; an address is like http://127.0.0.1:7070.");
        return IsLocalhost(address) || IPAddress.TryParse(address.Host.Trim('[', ']'), out _)
            ? address
            : throw new StartFailure(ExitCode.Arguments, $"--urls holds '{url}'; name localhost or an IP address to listen on.");
    }

    private static bool IsLocalhost(Uri address) => address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
