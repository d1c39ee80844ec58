using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Testing;

/// <summary>
/// Ports of loopback for servers that start a moment later. They are taken below those that the system gives to whoever asks for any
/// (<c>bind</c> to port 0, <c>connect</c>), so that nobody gets one of them before its server listens, or while it starts again. Other
/// test processes of the user take theirs from other blocks: a block is its process's as long as that lives.
/// </summary>
public static class Ports
{
    private const int PerBlock = 400;
    private const int Blocks = 30;
    private const int Many = PerBlock * Blocks;

    /// <summary>Every silo takes this one for its gateway where nobody has it yet, without being told to.</summary>
    private const int Gateway = 30_000;
    private static readonly int First = FirstEphemeral() - Many;
    private static readonly (int First, FileStream Lock) Own = Block();
    private static int next = Random.Shared.Next(PerBlock);

    /// <summary>A port of loopback that nobody listens on at this moment; a process is never given the same one twice in a while.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < PerBlock; tries++)
        {
            var port = Own.First + (int)((uint)Interlocked.Increment(ref next) % PerBlock);
            if (port != Gateway && IsFree(port)) return port;
        }

        throw new InvalidOperationException($"none of the ports {Own.First} to {Own.First + PerBlock - 1} is free");
    }

    /// <summary>The first port of a block that no other process has. The system ends the lock with the process, however that ends.</summary>
    private static (int First, FileStream Lock) Block()
    {
        var begin = Random.Shared.Next(Blocks);
        for (var tries = 0; tries < Blocks; tries++)
        {
            var block = (begin + tries) % Blocks;
            try
            {
                var path = Path.Combine(Path.GetTempPath(), $"incidentactors-ports-{Environment.UserName}-{block}.lock");
                return (First + (block * PerBlock), new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The port is in use; try another one.
            }
        }

        throw new InvalidOperationException($"{Blocks} test processes have all ports from {First} on");
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
