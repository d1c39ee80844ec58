using System.Diagnostics;
using System.Net;
using IncidentActors.Cli.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

public sealed class DirectLoopbackTests
{
    private static readonly Uri Proxy = new("http://proxy.example:3128/");

    [Theory]
    [InlineData("http://127.0.0.1:7070/", false)]
    [InlineData("http://localhost:7070/", false)]
    [InlineData("http://[::1]:7070/", false)]
    [InlineData("https://incidents.example.com/", true)]
    public void A_proxy_never_applies_to_this_machine(string address, bool applies)
    {
        var proxy = new DirectLoopback(new WebProxy(Proxy));
        Assert.Equal(!applies, proxy.IsBypassed(new Uri(address)));
        Assert.Equal(applies ? Proxy : null, proxy.GetProxy(new Uri(address)));
    }

    [Theory]
    [InlineData("http://incidents.example.com/", true)]
    [InlineData("http://127.0.0.1:1/", false)]
    public async Task A_proxy_that_lies_between_is_named_without_its_password(string address, bool named)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident.dll"), "list", "--server", address, "--agent", "@pm"])
        {
            RedirectStandardError = true,
            Environment = { ["HTTP_PROXY"] = "http://me:s3cr3t@127.0.0.1:1", ["NO_PROXY"] = "" },
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync().EndsAsync("the sentence");
        Assert.Equal(named, error.ReplaceLineEndings(" ").Contains("through the proxy 127.0.0.1:1 ", StringComparison.Ordinal));
        Assert.Contains("cannot be reached", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
    }
}
