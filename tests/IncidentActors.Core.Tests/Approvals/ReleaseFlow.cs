using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Approvals;

/// <summary>A flow in which anybody may begin and both ways to the end are approved, by different roles.</summary>
internal static class ReleaseFlow
{
    private const string Text = """
        name: release
        version: 1
        title: Release
        states:
          - { name: Ready }
          - { name: Shelved }
          - { name: Done, terminal: true }
        rows:
          - { number: 1, from: (new), to: Ready, trigger: Begun, role: any, tools: [atp_create] }
          - number: 2
            from: Ready
            to: Done
            trigger: Released
            role: any
            tools: [atp_set]
            requires:
              approval: { role: pm, question: "Release?", within: 15m, onTimeout: block, rejectTo: Shelved }
          - { number: 3, from: Ready, to: Shelved, trigger: Put off, role: any, tools: [atp_set] }
          - number: 4
            from: Shelved
            to: Done
            trigger: Dropped
            role: any
            tools: [atp_set]
            requires:
              approval: { role: qa, question: "Drop?", within: 15m, onTimeout: block }
          - { number: 5, from: Shelved, to: Ready, trigger: Taken up again, role: any, tools: [atp_set] }
        """;

    public static FlowSet Loaded()
    {
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("release.yaml", Text)]);
        Assert.Empty(problems);
        return set;
    }
}
