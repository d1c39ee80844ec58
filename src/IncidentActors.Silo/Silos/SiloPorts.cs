using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Silo.Silos;

/// <summary>
/// The ports that a silo listens on, taken until it is disposed. Orleans lets several processes listen on one port, and connections would
/// reach any of them; so each port is guarded by a socket of UDP at the same number, which only one process gets.
/// </summary>
internal sealed class SiloPorts : IDisposable
{
    private const int MaxTries = 100;

    private readonly IPAddress address;
    private readonly List<Socket> guards = [];

    private SiloPorts(IPAddress address) => this.address = address;

    public int Silo { get; private set; }

    /// <summary>0: there is no gateway.</summary>
    public int Gateway { get; private set; }

    /// <exception cref="SiloPortException">A port that was asked for is taken.</exception>
    public static SiloPorts Take(SiloSettings settings)
    {
        var ports = new SiloPorts(settings.Address);
        try
        {
            ports.Silo = ports.Take(settings.SiloPort, orAnother: settings.SiloPort == SiloSettings.DefaultSiloPort);
            ports.Gateway = settings.GatewayPort is { } gateway ? ports.Take(gateway, orAnother: false) : 0;
            return ports;
        }
        catch
        {
            ports.Dispose();
            throw;
        }
    }

    public void Dispose() => guards.ForEach(guard => guard.Dispose());

    private int Take(int wanted, bool orAnother)
    {
        if (wanted != 0 && TryTake(wanted)) return wanted;
        if (wanted != 0 && !orAnother)
            throw new SiloPortException($"The silo's port {address}:{wanted} is taken; choose another with --silo-port or --gateway-port.");
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (AnyFree() is var port && TryTake(port)) return port;
        }

        throw new SiloPortException($"No free port for the silo was found at {address}.");
    }

    private bool TryTake(int port)
    {
        var guard = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        try
        {
            guard.Bind(new IPEndPoint(address, port));
            using var listener = new TcpListener(address, port);
            listener.Start();
            guards.Add(guard);
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            guard.Dispose();
            return false;
        }
    }

    private int AnyFree()
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
