using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>The packages as a program outside the repository uses them, against three silos.</summary>
[NeedsPostgres]
public sealed class PackageTests : IAsyncLifetime
{
    private const string Version = "0.1.0";
    private static readonly string[] Packages =
        ["IncidentActors.Core", "IncidentActors.Abstractions", "IncidentActors.Client", "IncidentActors.Agents", "IncidentActors.Agents.Chat"];
    private static readonly string[] Kept = ["IncidentActors.Engine", "IncidentActors.Storage", "IncidentActors.Silo", "Npgsql"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("packages-");

    private string Feed => Path.Combine(folder.FullName, "feed");
    private string Program => Path.Combine(folder.FullName, "program");

    public async Task InitializeAsync()
    {
        foreach (var package in Packages)
        {
            await RunAsync(
                "pack", SourceTree.Path("src", package), "-c", Configuration, "--no-build", "-o", Feed, $"-p:PackageVersion={Version}");
        }
    }

    public Task DisposeAsync()
    {
        folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [BehaviourFact]
    public async Task A_program_that_references_only_the_packages_works_the_emergency_flow()
    {
        foreach (var package in Packages) Check(package);
        await WriteProgramAsync();
        await RunAsync("build", Program, "-c", "Release", "-nologo", "-nodeReuse:false", "--disable-build-servers");
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Program, "obj", "project.assets.json")));
        var closure = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0]).ToList();
        Assert.Superset(Packages.ToHashSet(), closure.ToHashSet());
        Assert.Empty(closure.Intersect(Kept, StringComparer.OrdinalIgnoreCase));

        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var gateways = Enumerable.Range(0, 3).Select(_ => Ports.Free()).ToList();
        var silos = gateways
            .Select(port => new ServerProcess("--journal", database, "--quiet", "--silo-port", $"{Ports.Free()}", "--gateway-port", $"{port}")).ToList();
        try
        {
            foreach (var silo in silos) await silo.StartAsync();
            var arguments = gateways.Select((port, index) => $"--IncidentActors:Gateways:{index}=127.0.0.1:{port}");
            var output = await RunAsync([Path.Combine(Program, "bin", "Release", "net10.0", "Outside.dll"), .. arguments]);
            Assert.Contains("AT-EMRG-01 Closed", output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
        }
    }

    /// <summary>README, licence, doc comments, and symbols in a package of their own.</summary>
    private void Check(string package)
    {
        using var content = ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.nupkg"));
        var names = content.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("README.md", names);
        Assert.Contains($"lib/net10.0/{package}.xml", names);
        using var manifest = new StreamReader(content.GetEntry($"{package}.nuspec")!.Open());
        Assert.Contains("<license type=\"expression\">MIT</license>", manifest.ReadToEnd(), StringComparison.Ordinal);
        using var symbols = ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.snupkg"));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{package}.pdb");
    }

    private async Task WriteProgramAsync()
    {
        Directory.CreateDirectory(Program);
        var sources = SourceTree.Path("tests", "IncidentActors.Silo.Tests", "Clients", "Console");
        File.Copy(Path.Combine(sources, "EmergencyFlow.cs"), Path.Combine(Program, "EmergencyFlow.cs"));
        File.Copy(Path.Combine(sources, "Program.cs.txt"), Path.Combine(Program, "Program.cs"));
        await File.WriteAllTextAsync(Path.Combine(Program, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
            </configuration>
            """);

        // The packages of the test stay in its folder; all others are those of this machine.
        await File.WriteAllTextAsync(Path.Combine(Program, "Outside.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestorePackagesPath>{folder.FullName}/cache</RestorePackagesPath>
                <RestoreFallbackFolders>{MachineCache()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="IncidentActors.Agents.Chat" Version="{Version}" />
                <PackageReference Include="IncidentActors.Client" Version="{Version}" />
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="{HostingVersion}" />
              </ItemGroup>
            </Project>
            """);
    }

    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static string HostingVersion =>
        XDocument.Load(SourceTree.Path("Directory.Packages.props")).Descendants("ExtensionsVersion").Single().Value;

    private static string MachineCache() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().EndsAsync($"dotnet {arguments[0]}");
        var text = await output + await errors;
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}:\n{text}");
    }
}
