using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>What a pod runs, on a journal in which nothing is yet.</summary>
public sealed class FirstStartTests : IDisposable
{
    private const string SecretName = "incident-actors-first-token";

    private readonly string data = Directory.CreateTempSubdirectory("first-start-").FullName;

    private readonly TestAuthority authority = new();
    private readonly string certificates;

    public FirstStartTests() => certificates = Path.GetDirectoryName(authority.Silo("tls").Certificate)!;

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public async Task The_server_is_ready_and_takes_the_token_of_the_secret(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var secret = manifests.Container["envFrom"].Items.Single(from => from["secretRef"] is { } one && (string)one["name"] == SecretName)["secretRef"];
        Assert.True((bool)secret["optional"]);
        var made = File.ReadLines(Path.Combine(Manifests.Folder, "overlays", overlay, "kustomization.yaml"))
            .Single(line => line.Contains($"create secret generic {SecretName} ", StringComparison.Ordinal));
        Assert.Contains($"--from-literal={FirstToken.Variable}=\"$(openssl rand -hex 32)\"", made, StringComparison.Ordinal);

        await using var server = new ServerProcess([.. manifests.Arguments().Skip(1).Select(Here)]);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        server.Environment[FirstToken.Variable] = token;
        await server.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tokens");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync(request.RequestUri)).StatusCode);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(request)).StatusCode);
        Assert.DoesNotContain(token, server.Output, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
    }

    [KubectlTheory]
    [InlineData("single-node")]
    public async Task Without_the_secret_it_ends_and_says_how_to_give_one(string overlay)
    {
        await using var server = new ServerProcess([.. Manifests.Of(overlay).Arguments().Skip(1).Select(Here)]);
        await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Equal(2, await server.EndAsync());
        await Eventually.TrueAsync(() => server.Output.Contains(FirstToken.Variable, StringComparison.Ordinal), "the sentence");
    }

    /// <summary>The same on this machine: another port, folder and certificate.</summary>
    private string Here(string argument) => argument
        .Replace(":7070", $":{ServerProcess.PortHere}", StringComparison.Ordinal)
        .Replace("--data=/data", $"--data={data}", StringComparison.Ordinal)
        .Replace("=/tls/", $"={certificates}/", StringComparison.Ordinal)
        .Replace("--silo-address=10.0.0.7", "--silo-address=127.0.0.1", StringComparison.Ordinal)
        .Replace("--silo-port=11111", $"--silo-port={Ports.Free()}", StringComparison.Ordinal);
}
