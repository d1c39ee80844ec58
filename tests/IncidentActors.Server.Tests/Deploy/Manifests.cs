using System.Diagnostics;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay; needs no cluster.</summary>
internal sealed class Manifests
{
    private readonly IReadOnlyList<Yaml> documents;

    private Manifests(IReadOnlyList<Yaml> documents) => this.documents = documents;

    public Yaml Pod => One("Deployment")["spec"]["template"]["spec"];
    public Yaml Container => Pod["containers"].Items.Single();

    public static string Folder { get; } = SourceTree.Path("deploy", "kubernetes");

    public static Manifests Of(string overlay)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(Folder, "overlays", overlay)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var problems = kubectl.StandardError.ReadToEndAsync();
        var text = kubectl.StandardOutput.ReadToEnd();
        kubectl.WaitForExit();
        Assert.True(kubectl.ExitCode == 0, problems.Result);
        return new Manifests(Yaml.Parse(text));
    }

    public static Yaml Base(string file) => Yaml.Parse(File.ReadAllText(Path.Combine(Folder, "base", file))).Single();

    public Yaml One(string kind) => documents.Single(document => (string)document["kind"] == kind);

    /// <summary>The container's arguments, with what the pod and the ConfigMap put in.</summary>
    public string[] Arguments()
    {
        var values = One("ConfigMap")["data"].Fields.ToDictionary(field => field.Key, field => (string)field.Value);
        values["POD_IP"] = "10.0.0.7";
        return [.. Container["args"].Items.Select(argument =>
            values.Aggregate((string)argument, (text, value) => text.Replace($"$({value.Key})", value.Value, StringComparison.Ordinal)))];
    }
}
