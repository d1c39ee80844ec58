using System.Net;
using System.Net.Sockets;
using IncidentActors.Silo.Silos;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Silos;

/// <summary>Two silos on one machine never share a port.</summary>
public sealed class SiloPortsTests
{
    [Fact]
    public void A_port_that_was_left_open_gives_way_to_a_free_one()
    {
        using var first = SiloPorts.Take(new SiloSettings());
        using var second = SiloPorts.Take(new SiloSettings());

        Assert.NotEqual(first.Silo, second.Silo);
        Assert.Equal((0, 0), (first.Gateway, second.Gateway));
    }

    [Fact]
    public void A_port_that_was_asked_for_is_taken_or_refused_and_free_again_afterwards()
    {
        var settings = new SiloSettings { SiloPort = Ports.Free(), GatewayPort = 0 };
        using (var first = SiloPorts.Take(settings))
        {
            Assert.Equal(settings.SiloPort, first.Silo);
            Assert.NotEqual(0, first.Gateway);
            Assert.Throws<SiloPortException>(() => SiloPorts.Take(settings));
        }

        using var next = SiloPorts.Take(settings);
        Assert.Equal(settings.SiloPort, next.Silo);
    }

    [Fact]
    public void A_port_on_which_another_program_listens_is_taken()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Throws<SiloPortException>(() => SiloPorts.Take(new SiloSettings { SiloPort = port }));
    }
}
