using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Testing;

/// <summary>
/// Ports of loopback for servers that start a moment later. They are taken below those that the system gives to whoever asks for any
/// (<c>bind</c> to port 0, <c>connect</c>), so that nobody gets one of them before its server listens, or while it starts again.
/// </summary>
public static class Ports
{
    private const int Many = 12_000;

    /// <summary>Every silo takes this one for its gateway where nobody has it yet, without being told to.</summary>
    private const int Gateway = 30_000;
    private static readonly int First = FirstEphemeral() - Many;
    private static int next = Random.Shared.Next(Many);

    /// <summary>A port of loopback that nobody listens on at this moment; a process is never given the same one twice in a while.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < Many; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % Many);
            if (port != Gateway && IsFree(port)) return port;
        }

        throw new InvalidOperationException($"none of the ports {First} to {First + Many - 1} is free");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstEphemeral()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        const int Usual = 32_768;
        if (!File.Exists(Range)) return Usual;
        var first = int.Parse(File.ReadAllText(Range).Split('\t', ' ')[0], CultureInfo.InvariantCulture);
        return first > Many + 1024 ? first : Usual;
    }
}
