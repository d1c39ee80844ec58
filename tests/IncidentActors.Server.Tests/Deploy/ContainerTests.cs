using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>A container's own loopback is reached by nobody: what is written about running one takes the host's, or listens elsewhere with a token.</summary>
public sealed class ContainerTests
{
    private const string Image = " incident-actors";

    [Fact]
    public void The_gate_of_a_pipeline_is_in_the_image()
    {
        const string Gate = "command: [dotnet, /app/incident.dll, gate, ";
        Assert.Contains(Gate, File.ReadAllText(SourceTree.Path("docs", "HALTS.md")), StringComparison.Ordinal);
        var dockerfile = File.ReadAllText(SourceTree.Path("deploy", "Dockerfile"));
        Assert.Contains("dotnet publish src/IncidentActors.Cli -c Release -o /app ", dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_container_that_is_written_of_is_reached()
    {
        var runs = new[] { "Dockerfile", "README.md" }
            .SelectMany(file => File.ReadLines(SourceTree.Path("deploy", file)))
            .Select(line => line.TrimStart('#', ' '))
            .Where(line => line.StartsWith("docker run ", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(3, runs.Length);
        Assert.All(runs, run =>
        {
            var image = run.IndexOf(Image, StringComparison.Ordinal);
            var around = run[..image] + " ";
            var options = CommandLine.Parse(run[(image + Image.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))!;
            if (around.Contains(" --network host ", StringComparison.Ordinal))
            {
                Assert.Null(options.Urls);
                return;
            }

            Assert.Contains($" -e {FirstToken.Variable} ", around, StringComparison.Ordinal);
            Assert.Contains($":{new Uri(options.Urls!).Port} ", around, StringComparison.Ordinal);
            Assert.False(LoopbackOnly.IsLoopback(new Uri(options.Urls!).Host));
        });
    }
}
