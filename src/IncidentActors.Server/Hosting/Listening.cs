using System.Net;
using System.Net.Sockets;
using IncidentActors.Server.Tokens;
using IncidentActors.Silo;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IncidentActors.Server.Hosting;

/// <summary>Where the server listens: a port of loopback, or the addresses of <c>--urls</c>.</summary>
internal sealed class Listening
{
    private readonly int port;
    private readonly Uri[]? addresses;
    private readonly SiloSettings silo;
    private readonly bool siloUnencrypted;

    private Listening(int port, Uri[]? addresses, SiloSettings silo, bool siloUnencrypted)
    {
        this.port = port;
        this.addresses = addresses;
        this.silo = silo;
        this.siloUnencrypted = siloUnencrypted;
    }

    /// <exception cref="StartFailure">An address cannot be listened on.</exception>
    public static Listening Read(ServerOptions options) => new(
        options.Port,
        options.Urls is { } urls ? [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Address)] : null,
        options.Silo,
        options.SiloUnencrypted);

    /// <summary>Without tokens every caller is trusted, so no port may be reached from another machine. The silo's ports need certificates
    /// besides, or a flag.</summary>
    /// <exception cref="StartFailure">An address is not loopback, and there is no token or no certificate; or the certificate cannot be used.</exception>
    public void Check(bool guarded)
    {
        if (!guarded && addresses?.FirstOrDefault(address => !LoopbackOnly.IsLoopback(address.Host)) is { } open) throw NeedsToken("server", open.Host);
        CheckTls();
        if (IPAddress.IsLoopback(silo.Address)) return;
        if (!guarded) throw NeedsToken("silo", silo.Address.ToString());
        if (siloUnencrypted || silo.Tls is not null) return;
        throw new StartFailure(
            ExitCode.Arguments,
            $"--silo-address {silo.Address} opens the silo's port to other machines: give it --silo-certificate, --silo-key and --silo-ca. "
            + "Or add --silo-unencrypted where nothing but silos reaches that network: what passes there is then neither encrypted nor authenticated.");
    }

    private void CheckTls()
    {
        if (silo.Tls is not { } tls) return;
        if (!tls.IsComplete) throw new StartFailure(ExitCode.Arguments, "--silo-certificate, --silo-key and --silo-ca are given together.");
        if (tls.Problem() is { } problem) throw new StartFailure(ExitCode.Files, $"The silo's certificate cannot be used: {problem}");
    }

    private static StartFailure NeedsToken(string what, string host) => new(
        ExitCode.Arguments,
        $"Without tokens the {what} listens on loopback only, not on {host}. Give it the operator's first token in the environment variable "
        + $"{FirstToken.Variable} (openssl rand -hex 32), or make one before: 'incident token create'.");

    /// <summary>Looked at before anything starts, so that a second server on a port ends with a sentence and not in the middle of its start.</summary>
    /// <exception cref="StartFailure">Another program has the port, or this one may not take it.</exception>
    public void CheckFree()
    {
        foreach (var end in addresses?.Select(EndPoint) ?? [new IPEndPoint(IPAddress.Loopback, port)])
        {
            try
            {
                using var listener = new TcpListener(end);
                listener.Start();
            }
            catch (SocketException error)
            {
                throw new StartFailure(
                    ExitCode.Address,
                    error.SocketErrorCode == SocketError.AddressAlreadyInUse
                        ? $"Another program listens on {end}; is the server running already? Choose another port with --port."
                        : $"The server cannot listen on {end}: {error.Message}. Choose another with --port or --urls.");
            }
        }
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
                kestrel.Listen(EndPoint(address));
        }
    }

    private static IPEndPoint EndPoint(Uri address) =>
        new(IsLocalhost(address) ? IPAddress.Loopback : IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);

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
