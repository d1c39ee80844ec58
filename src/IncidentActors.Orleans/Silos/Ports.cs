using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Orleans.Silos;

/// <summary>Ports that are free at this moment.</summary>
internal static class Ports
{
    public static (int Silo, int Gateway) Of(OrleansSettings settings)
    {
        var silo = Free(settings.SiloPort, OrleansSettings.DefaultSiloPort);
        var gateway = Free(settings.GatewayPort, OrleansSettings.DefaultGatewayPort);
        return (silo, gateway);
    }

    /// <summary>Whoever asks for a certain port gets it or an error; who leaves it open gets a free one.</summary>
    private static int Free(int wanted, int usual)
    {
        if (wanted != 0 && (wanted != usual || IsFree(wanted))) return wanted;
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
